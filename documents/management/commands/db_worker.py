from documents.management.commands.worker import Command

__all__ = ["Command"]
