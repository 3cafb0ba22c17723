/** Tests of what the libraries promise to programs that embed them. */
@NullMarked
package dev.weir.lua.library;

import org.jspecify.annotations.NullMarked;
