/** What a Lua world is made for, and what it asks of the process around it. */
@NullMarked
package dev.weir.script.host;

import org.jspecify.annotations.NullMarked;
