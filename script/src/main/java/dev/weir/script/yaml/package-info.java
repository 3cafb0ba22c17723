/** Configurations in YAML: what the reader has checked becomes arguments of the functions that Lua calls, so that both mean the same. */
@NullMarked
package dev.weir.script.yaml;

import org.jspecify.annotations.NullMarked;
