/** What the configuration says of the web server, and what its handlers get and give. */
@NullMarked
package dev.weir.config.web;

import org.jspecify.annotations.NullMarked;
