local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, v in ipairs({0, 9, 10, 99, 1e14, 99999999999999, 100000000000000, 2^53 - 1, 2^53, -2^53, 1e15, 123456789}) do print(("%d %i %5d %-5d| %05d %x %X %#x %o %u"):format(v, v, v, v, v, v, v, v, v, v), v, -v) end
