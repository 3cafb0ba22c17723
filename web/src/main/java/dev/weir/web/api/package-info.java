/** What the web server serves to programs: the HTTP API and metrics, as loops over views and figures. */
@NullMarked
package dev.weir.web.api;

import org.jspecify.annotations.NullMarked;
