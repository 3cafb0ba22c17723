package dev.weir.engine.expression;

import java.util.List;

/** States of an {@link Automaton} that have the same followers. Masks begin with the first word that is not empty. */
final class FollowerGroup {
    private final int membersStart;
    private final long[] members;
    private final int followersStart;
    private final long[] followers;

    private FollowerGroup(int membersStart, long[] members, int followersStart, long[] followers) {
        this.membersStart = membersStart;
        this.members = members;
        this.followersStart = followersStart;
        this.followers = followers;
    }

    /** Both in ascending order and not empty. */
    static FollowerGroup of(IntList members, List<Integer> followers) {
        int firstMember = members.at(0) >>> 6;
        long[] memberMask = new long[(members.at(members.size() - 1) >>> 6) - firstMember + 1];
        for (int i = 0; i < members.size(); i++) {
            memberMask[(members.at(i) >>> 6) - firstMember] |= 1L << members.at(i);
        }
        int firstFollower = followers.getFirst() >>> 6;
        long[] followerMask = new long[(followers.getLast() >>> 6) - firstFollower + 1];
        for (int follower : followers) {
            followerMask[(follower >>> 6) - firstFollower] |= 1L << follower;
        }
        return new FollowerGroup(firstMember, memberMask, firstFollower, followerMask);
    }

    /** What {@link #addFollowers} looks at. */
    int words() {
        return members.length + followers.length;
    }

    /** Adds the followers if a member is in the set before. */
    void addFollowers(long[] before, long[] after) {
        for (int i = 0; i < members.length; i++) {
            if ((before[membersStart + i] & members[i]) != 0) {
                for (int j = 0; j < followers.length; j++) {
                    after[followersStart + j] |= followers[j];
                }
                return;
            }
        }
    }
}
