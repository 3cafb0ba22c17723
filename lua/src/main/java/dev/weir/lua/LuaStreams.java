package dev.weir.lua;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * What a world reads and writes by itself.
 *
 * @param in what {@code io.read} reads
 * @param out what {@code print} and {@code io.write} write; it is flushed before a program ends, and where C flushes
 * @param err what {@code io.stderr} writes
 */
public record LuaStreams(InputStream in, OutputStream out, OutputStream err) {}
