/** Configurations in Lua written down in YAML: the calls that made the model, put back into the keys that stand for them. */
@NullMarked
package dev.weir.script.convert;

import org.jspecify.annotations.NullMarked;
