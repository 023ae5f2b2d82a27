-- RASP in Neovim 0.11 or later, with rasp lsp: copy this file to ~/.config/nvim/plugin/rasp.lua.

vim.filetype.add({ extension = { rasp = "rasp" } })

vim.lsp.config("rasp", {
  cmd = { "rasp", "lsp" },
  filetypes = { "rasp" },
  root_markers = { ".git" },
  init_options = { commands = true }, -- "run", "draw", "compile" and "verify" above each s-op, for the function below
})
vim.lsp.enable("rasp")

-- What stands above an s-op: text opens in a split, a picture in the system's viewer.
for _, verb in ipairs({ "run", "draw", "compile", "verify" }) do
  vim.lsp.commands["rasp." .. verb] = function(command, context)
    local client = assert(vim.lsp.get_client_by_id(context.client_id))
    local params = { command = "rasp.server." .. verb, arguments = command.arguments }
    client:request("workspace/executeCommand", params, function(fault, answer)
      if fault then
        vim.notify(fault.message, vim.log.levels.ERROR)
      elseif answer.kind == "svg" then
        local file = vim.fn.tempname() .. ".svg"
        vim.fn.writefile(vim.split(answer.content, "\n"), file)
        vim.ui.open(file)
      else
        vim.cmd.new()
        vim.bo.buftype, vim.bo.bufhidden = "nofile", "wipe"
        vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(answer.title .. "\n" .. answer.content, "\n"))
      end
    end)
  end
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = "rasp",
  callback = function()
    vim.bo.commentstring = "# %s"
    vim.bo.shiftwidth, vim.bo.expandtab = 4, true
    pcall(vim.treesitter.start) -- where the tree-sitter grammar is installed
  end,
})

vim.api.nvim_create_autocmd("LspAttach", {
  callback = function(args)
    if vim.bo[args.buf].filetype ~= "rasp" then
      return
    end
    vim.lsp.inlay_hint.enable(true, { bufnr = args.buf })
    vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave" }, { buffer = args.buf, callback = vim.lsp.codelens.refresh })
    vim.api.nvim_create_autocmd("BufWritePre", {
      buffer = args.buf,
      callback = function()
        vim.lsp.buf.format({ bufnr = args.buf })
      end,
    })
    vim.keymap.set("n", "<leader>r", vim.lsp.codelens.run, { buffer = args.buf, desc = "Run, draw, compile or verify" })
  end,
})
