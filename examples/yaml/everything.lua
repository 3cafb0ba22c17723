-- Functions for everything.yml, which is loaded after this file.

function maintenance()
  if getPool(""):getCache():isFull() then
    warnlog("the cache is full")
  end
end
