vim.opt.rtp:append(".")
