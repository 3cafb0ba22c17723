local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, v in ipairs({1.7976931348623157e308, 2.2250738585072014e-308, 5e-324, 4.9e-322, 1e22, 1e23, 123456789012345678, 2^63, 2^64, 2^1023, 2^-1074}) do print(("%.17g %.99g %e %a"):format(v, v, v, v)) print(("%f"):format(v):len(), ("%.20f"):format(v):sub(1, 60)) end
