"""What is right: rules, values, messages and services, one room for each capability."""
