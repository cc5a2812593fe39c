local M = {}
vim.api.nvim_create_user_command("Lens", function() end, {})
return M
