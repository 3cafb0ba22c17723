/** The only module that knows Lua: dnsdist.conf as it is, and rules, actions and policies written in it. */
module dev.weir.script {
    requires static transitive org.jspecify;
    requires transitive dev.weir.engine;
    requires transitive dev.weir.config;
    requires dev.weir.lua;

    exports dev.weir.script;
    exports dev.weir.script.convert;
    exports dev.weir.script.host;
}
