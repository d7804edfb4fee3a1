"""What those who follow projects are told: each week, and as soon as a health has changed."""
