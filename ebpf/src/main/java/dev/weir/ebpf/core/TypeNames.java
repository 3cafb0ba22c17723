package dev.weir.ebpf.core;

/** Names of types, which programs may tell apart by a flavour: {@code task_struct___old} stands for the kernel's {@code task_struct}. */
final class TypeNames {
    private static final String FLAVOUR = "___";

    private TypeNames() {}

    /** Returns a name without its flavour. */
    static String essential(String name) {
        int flavour = name.lastIndexOf(FLAVOUR);
        // There is something on both sides: names may begin or end with underscores.
        return flavour > 0 && flavour + FLAVOUR.length() < name.length() && name.charAt(flavour - 1) != '_'
                ? name.substring(0, flavour)
                : name;
    }
}
