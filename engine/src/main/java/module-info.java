/** The balancer without sockets or files: one query's walk, and everything it meets. */
module dev.weir.engine {
    requires static transitive org.jspecify;
    requires transitive dev.weir.wire;

    exports dev.weir.engine.acl;
    exports dev.weir.engine.action;
    exports dev.weir.engine.backend;
    exports dev.weir.engine.block;
    exports dev.weir.engine.cache;
    exports dev.weir.engine.explain;
    exports dev.weir.engine.expression;
    exports dev.weir.engine.export;
    exports dev.weir.engine.kernel;
    exports dev.weir.engine.listen;
    exports dev.weir.engine.log;
    exports dev.weir.engine.model;
    exports dev.weir.engine.policy;
    exports dev.weir.engine.pool;
    exports dev.weir.engine.protobuf;
    exports dev.weir.engine.query;
    exports dev.weir.engine.rate;
    exports dev.weir.engine.ring;
    exports dev.weir.engine.rule;
    exports dev.weir.engine.stat;
    exports dev.weir.engine.store;
    exports dev.weir.engine.task;
    exports dev.weir.engine.view;
    exports dev.weir.engine.walk;
}
