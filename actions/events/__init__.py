"""What happens to actions: written as versions, followed as they go."""
