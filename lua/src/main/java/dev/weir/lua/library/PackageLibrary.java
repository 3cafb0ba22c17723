package dev.weir.lua.library;

import dev.weir.lua.CallInfo;
import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import dev.weir.lua.ScriptFunction;
import dev.weir.lua.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The library {@code package}, with {@code require} and {@code module}. Modules in C are looked for and never found. */
public final class PackageLibrary {
    private static final String DEFAULT_PATH =
            "./?.lua;/usr/share/luajit-2.1.0-beta3/?.lua;/usr/local/share/lua/5.1/?.lua"
                    + ";/usr/local/share/lua/5.1/?/init.lua;/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua";
    private static final String DEFAULT_C_PATH =
            "./?.so;/usr/local/lib/lua/5.1/?.so;/usr/lib/x86_64-linux-gnu/lua/5.1/?.so;/usr/local/lib/lua/5.1/loadall.so";

    private PackageLibrary() {}

    /** What {@code package.loaded} has for a module that is being loaded. */
    private static final class Sentinel extends LuaUserdata {}

    /** Opens the library. */
    public static void open(LuaState state) {
        LuaTable library = state.library("package");
        Sentinel loading = new Sentinel();
        library.put(state.name("loaded"), state.loadedModules());
        library.put(state.name("preload"), Modules.preload(state));
        library.put(state.name("path"), LuaString.of(path("LUA_PATH", DEFAULT_PATH)));
        library.put(state.name("cpath"), LuaString.of(path("LUA_CPATH", DEFAULT_C_PATH)));
        library.put(state.name("config"), LuaString.of("/\n;\n?\n!\n-\n"));
        LuaTable loaders = new LuaTable(4, 0);
        for (Role role : Role.values()) {
            Function function = new Function(role, library, loading);
            LibraryFunction made = state.function(role.luaName, function);
            switch (role) {
                case PRELOAD, LUA_FILE, NATIVE, NATIVE_ROOT -> loaders.put(role.ordinal() + 1, made);
                case REQUIRE, MODULE -> state.globals().put(state.name(role.luaName), made);
                default -> library.put(state.name(role.luaName), made);
            }
        }
        library.put(state.name("loaders"), loaders);
    }

    /** The library's functions; those that look for a module come first, in their order. */
    private enum Role {
        PRELOAD("preload_loader"),
        LUA_FILE("lua_loader"),
        NATIVE("c_loader"),
        NATIVE_ROOT("all_in_one_loader"),
        SEEALL("seeall"),
        SEARCHPATH("searchpath"),
        LOADLIB("loadlib"),
        REQUIRE("require"),
        MODULE("module");

        private final String luaName;

        Role(String luaName) {
            this.luaName = luaName;
        }
    }

    private record Function(Role role, LuaTable library, Sentinel loading) implements LibraryFunction.Body {
        @Override
        public @Nullable Object call(LuaState state, LuaArgs args) {
            return switch (role) {
                case PRELOAD -> preloaded(state, library, args);
                case LUA_FILE -> fromFile(state, library, args);
                case NATIVE -> fromNative(state, library, args);
                case NATIVE_ROOT -> fromRoot(state, library, args);
                case SEEALL -> seeall(state, args);
                case SEARCHPATH -> searchpath(args);
                case LOADLIB ->
                    Values.of(
                            null,
                            LuaString.of("dynamic libraries not enabled; no C function can be loaded"),
                            LuaString.of("absent"));
                case REQUIRE -> require(state, library, loading, args);
                case MODULE -> module(state, args);
            };
        }
    }

    /** The path from the environment, in which two semicolons stand for the default. */
    private static String path(String variable, String otherwise) {
        String set = System.getenv(variable);
        if (set == null) {
            return otherwise;
        }
        String marked = set.replace(";;", ";\u0001;").replace("\u0001", otherwise);
        int from = marked.startsWith(";" + otherwise) ? 1 : 0;
        int to = marked.endsWith(otherwise + ";") ? marked.length() - 1 : marked.length();
        return marked.substring(from, to);
    }

    // ---- require

    private static @Nullable Object require(LuaState state, LuaTable library, Sentinel loading, LuaArgs args) {
        LuaString name = args.string(1);
        LuaTable loaded = state.loadedModules();
        Object known = loaded.get(name);
        if (LuaOperators.isTrue(known)) {
            if (known == loading) {
                throw state.error("loop or previous error loading module '" + name + "'");
            }
            return known;
        }
        LuaFunction loader = search(state, library, name);
        loaded.put(name, loading);
        Object result = Values.first(loader.call(name));
        if (result != null) {
            loaded.put(name, result);
        } else if (loaded.get(name) == loading) {
            loaded.put(name, true);
        }
        return loaded.get(name);
    }

    private static LuaFunction search(LuaState state, LuaTable library, LuaString name) {
        if (!(library.get(state.name("loaders")) instanceof LuaTable loaders)) {
            throw state.error("'package.loaders' must be a table");
        }
        StringBuilder tried = new StringBuilder();
        for (int i = 1; ; i++) {
            Object loader = loaders.get(i);
            if (loader == null) {
                throw state.error("module '" + name + "' not found:" + tried);
            }
            Object found = Values.first(LuaOperators.call(state, loader, name));
            if (found instanceof LuaFunction function) {
                return function;
            }
            if (found instanceof LuaString text) {
                tried.append(text);
            }
        }
    }

    private static Object preloaded(LuaState state, LuaTable library, LuaArgs args) {
        LuaString name = args.string(1);
        if (!(library.get(state.name("preload")) instanceof LuaTable preload)) {
            throw state.error("'package.preload' must be a table");
        }
        Object loader = preload.get(name);
        return loader == null ? LuaString.of("\n\tno field package.preload['" + name + "']") : loader;
    }

    private static Object fromFile(LuaState state, LuaTable library, LuaArgs args) {
        LuaString name = args.string(1);
        StringBuilder tried = new StringBuilder();
        String file = find(templates(state, library, "path"), name.toString(), ".", "/", tried);
        if (file == null) {
            return LuaString.of(tried.toString());
        }
        int depth = state.calls().depth();
        try {
            return LoadLibrary.loadFile(state, LuaString.of(file), null, state.globals());
        } catch (LuaError error) {
            state.calls().depth(depth);
            throw state.error("error loading module '" + name + "' from file '" + file + "':\n\t" + error.getMessage());
        }
    }

    private static Object fromNative(LuaState state, LuaTable library, LuaArgs args) {
        return nothingNative(state, library, args.string(1).toString());
    }

    private static Object fromRoot(LuaState state, LuaTable library, LuaArgs args) {
        String name = args.string(1).toString();
        int dot = name.indexOf('.');
        return dot < 0 ? Values.NONE : nothingNative(state, library, name.substring(0, dot));
    }

    private static Object nothingNative(LuaState state, LuaTable library, String name) {
        StringBuilder tried = new StringBuilder();
        String file = find(templates(state, library, "cpath"), name, ".", "/", tried);
        if (file != null) {
            throw state.error("error loading module '" + name + "' from file '" + file + "':\n\tcannot load C modules");
        }
        return LuaString.of(tried.toString());
    }

    private static String templates(LuaState state, LuaTable library, String field) {
        if (library.get(state.name(field)) instanceof LuaString path) {
            return path.toString();
        }
        throw state.error("'package." + field + "' must be a string");
    }

    private static @Nullable String find(
            String templates, String name, String separator, String replacement, StringBuilder tried) {
        String place = separator.isEmpty() ? name : name.replace(separator, replacement);
        int from = 0;
        while (from < templates.length()) {
            int semicolon = templates.indexOf(';', from);
            int to = semicolon < 0 ? templates.length() : semicolon;
            String file = templates.substring(from, to).replace("?", place);
            if (!file.isEmpty()) {
                if (Files.isReadable(Path.of(file)) && !Files.isDirectory(Path.of(file))) {
                    return file;
                }
                tried.append("\n\tno file '").append(file).append('\'');
            }
            from = to + 1;
        }
        return null;
    }

    private static Object searchpath(LuaArgs args) {
        StringBuilder tried = new StringBuilder();
        LuaString separator = args.optString(3, LuaString.of("."));
        LuaString replacement = args.optString(4, LuaString.of("/"));
        String found = find(
                args.string(2).toString(),
                args.string(1).toString(),
                String.valueOf(separator),
                String.valueOf(replacement),
                tried);
        return found == null ? Values.failure(tried.toString()) : LuaString.of(found);
    }

    // ---- module

    private static Values seeall(LuaState state, LuaArgs args) {
        LuaTable module = args.table(1);
        LuaTable metatable = module.metatable();
        if (metatable == null) {
            metatable = new LuaTable();
            module.metatable(metatable);
        }
        metatable.put(state.name("__index"), state.globals());
        return Values.NONE;
    }

    private static Values module(LuaState state, LuaArgs args) {
        LuaString name = args.string(1);
        LuaTable loaded = state.loadedModules();
        LuaTable module;
        if (loaded.get(name) instanceof LuaTable known) {
            module = known;
        } else {
            module = global(state, name.toString());
            loaded.put(name, module);
        }
        if (module.get(state.name("_NAME")) == null) {
            String text = name.toString();
            module.put(state.name("_M"), module);
            module.put(state.name("_NAME"), name);
            module.put(state.name("_PACKAGE"), LuaString.of(text.substring(0, text.lastIndexOf('.') + 1)));
        }
        CallInfo caller = state.calls().level(1);
        if (caller == null || !(caller.function instanceof ScriptFunction script)) {
            throw state.error("'module' not called from a Lua function");
        }
        script.environment(module);
        for (int i = 2; i <= args.count(); i++) {
            LuaOperators.call(state, args.get(i), module);
        }
        return Values.NONE;
    }

    /** The table that a dotted name means among the globals; what is not there is made. */
    private static LuaTable global(LuaState state, String name) {
        LuaTable table = state.globals();
        for (String part : name.split("\\.", -1)) {
            Object inner = table.get(LuaString.of(part));
            if (inner == null) {
                LuaTable made = new LuaTable();
                table.put(LuaString.of(part), made);
                table = made;
            } else if (inner instanceof LuaTable existing) {
                table = existing;
            } else {
                throw state.error("name conflict for module '" + name + "'");
            }
        }
        return table;
    }
}
