proc motley*(): int = 1
