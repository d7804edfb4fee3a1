"""Leads somebody with an idea to a project request, small work or a service request."""
