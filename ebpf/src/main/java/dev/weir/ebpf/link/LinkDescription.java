package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.AttachType;
import dev.weir.sys.LinkInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of a link.
 *
 * @param id of the link, unique while the machine runs
 * @param programId of the program that is attached
 * @param attachType null where the kernel does not say
 * @param interfaceIndex of the device, for links on devices; 0 once it is gone
 * @param cgroupId for links on cgroups: the inode of the directory; else 0
 */
public record LinkDescription(
        LinkType type, int id, int programId, @Nullable AttachType attachType, int interfaceIndex, long cgroupId) {
    static LinkDescription of(LinkInfo info) {
        LinkType type = LinkType.ofNumber(info.type());
        AttachType attachType = type == LinkType.XDP ? AttachType.XDP : AttachType.ofNumber(info.attachType());
        return new LinkDescription(
                type, info.id(), info.programId(), attachType, info.interfaceIndex(), info.cgroupId());
    }
}
