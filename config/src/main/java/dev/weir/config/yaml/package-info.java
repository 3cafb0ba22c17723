/** Configurations in YAML: the table of what they may say, and the reader that checks a file against it. It builds nothing. */
@NullMarked
package dev.weir.config.yaml;

import org.jspecify.annotations.NullMarked;
