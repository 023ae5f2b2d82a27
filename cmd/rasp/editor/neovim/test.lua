-- nvim --clean --headless -l test.lua: rasp on the PATH must have a language server.
dofile(vim.fs.joinpath(vim.fs.dirname(debug.getinfo(1, "S").source:sub(2)), "rasp.lua"))

local function await(what, condition)
  assert(vim.wait(60000, condition, 20), "never: " .. what)
end

local folder = vim.fn.tempname()
vim.fn.mkdir(folder)
local file = folder .. "/t.rasp"
vim.fn.writefile({ '#rasp:vocab "ab"', "#rasp:length 4", "x = lenght+1;", '#> "ab" => [2, 3]' }, file)
vim.cmd.edit(file)
local buffer = vim.api.nvim_get_current_buf()
assert(vim.bo.filetype == "rasp" and vim.bo.commentstring == "# %s" and vim.bo.shiftwidth == 4)

await("a fault", function()
  return #vim.diagnostic.get(buffer) > 0
end)
local fault = vim.diagnostic.get(buffer)[1]
assert(fault.message:find("undefined variable lenght"), fault.message)
assert(fault.lnum == 2 and fault.col == 4 and fault.end_col == 10, vim.inspect(fault))

vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { "x = length+indices;" })
await("no fault", function()
  return #vim.diagnostic.get(buffer) == 0
end)
vim.cmd.write()
assert(vim.fn.readfile(file)[3] == "x = length + indices;", "not laid out on saving")

local client = assert(vim.lsp.get_clients({ bufnr = buffer })[1])
local lenses = client:request_sync("textDocument/codeLens", { textDocument = { uri = vim.uri_from_bufnr(buffer) } }, 60000, buffer).result
local run = vim.iter(lenses):find(function(lens)
  return lens.command and lens.command.command == "rasp.run"
end)
vim.lsp.commands["rasp.run"](run.command, { client_id = client.id, bufnr = buffer })
await("a result", function()
  return vim.api.nvim_get_current_buf() ~= buffer
end)
local shown = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
assert(shown:find("[2, 3]", 1, true), shown)
vim.fn.delete(folder, "rf")
print("Neovim: faults, layout and commands are there\n")
os.exit(0)
