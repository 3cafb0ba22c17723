/** How people look in: the console now, HTTP API and dashboard later. */
@NullMarked
package dev.weir.web.console;

import org.jspecify.annotations.NullMarked;
