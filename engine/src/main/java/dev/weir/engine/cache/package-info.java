/** The packet cache: whole answers, kept outside the heap under a hash of the query. Knows neither sockets nor the rest of the engine. */
@NullMarked
package dev.weir.engine.cache;

import org.jspecify.annotations.NullMarked;
