/** Linux through the FFM API: the only module that needs native access. */
module dev.weir.sys {
    requires static transitive org.jspecify;

    exports dev.weir.sys;
}
