package dev.weir.script.convert;

import java.util.List;

/**
 * A configuration written down in YAML.
 *
 * @param yaml the file
 * @param lua a file that must stand beside it; empty if none is needed
 * @param left what is in neither
 */
public record Converted(String yaml, String lua, List<Leftover> left) {}
