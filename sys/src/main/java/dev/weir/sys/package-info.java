/** Linux through the FFM API: the only module that needs native access. */
@NullMarked
package dev.weir.sys;

import org.jspecify.annotations.NullMarked;
