package dev.weir.lua.ffi;

/** What is wrong with a type, a conversion or an access, in LuaJIT's words. No stack: the catcher makes an error of the language of it. */
final class CFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String message;

    CFault(String message) {
        super(message, null, false, false);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
