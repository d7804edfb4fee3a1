"""The series: which meetings the configuration gives, and what people change in it."""
