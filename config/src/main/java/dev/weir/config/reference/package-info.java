/** Pages for operators, made from what the program itself goes by. */
@NullMarked
package dev.weir.config.reference;

import org.jspecify.annotations.NullMarked;
