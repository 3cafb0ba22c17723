/** Fakes, packet builder, network namespaces and leak checks for the tests of every room; never shipped. */
module dev.weir.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.weir.wire;
    requires dev.weir.sys;
    requires java.management;
    requires jdk.management;
    requires org.assertj.core;
    requires org.bouncycastle.provider;
    requires transitive org.junit.jupiter.api;

    exports dev.weir.testkit;
}
