local function show(...)
  local texts = {}
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    texts[i] = type(value) == "number" and string.format("%.14g", value) or type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  print(table.concat(texts, " "))
end
local function try(name, f, ...)
  io.write(name, ": ")
  show(pcall(f, ...))
end
print(type(jit.version), jit.version_num, jit.os, jit.arch, type(jit.on), type(jit.off), type(jit.flush), type(jit.status)) print(select("#", jit.on()), select("#", jit.off()), select("#", jit.flush())) print(type(jit.status())) print(type(require("jit.opt").start), package.loaded.jit == jit) local names = {} for name in pairs(jit) do names[#names + 1] = name end table.sort(names) print(table.concat(names, " "))
