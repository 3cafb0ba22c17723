package dev.weir.lua;

/**
 * One line of a traceback.
 *
 * @param function what was called
 * @param site where it was, if it is a script's
 */
record TracedCall(LuaFunction function, int site) {}
