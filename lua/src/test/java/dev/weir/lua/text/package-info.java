/** Tests of numbers as octets. */
@NullMarked
package dev.weir.lua.text;

import org.jspecify.annotations.NullMarked;
