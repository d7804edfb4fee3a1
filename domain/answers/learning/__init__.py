"""What the PMO learns from questions: its weekly list, proposed aliases, who sees to what."""
