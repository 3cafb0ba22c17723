/** The objects that Lua code sees, each with dnsdist's methods and attributes. */
@NullMarked
package dev.weir.script.object;

import org.jspecify.annotations.NullMarked;
