/** The web server: connections, credentials, routes. What is served is elsewhere. */
@NullMarked
package dev.weir.web.http;

import org.jspecify.annotations.NullMarked;
