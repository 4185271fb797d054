"""The issue desk (组版台): one screen on which an issue is composed."""
