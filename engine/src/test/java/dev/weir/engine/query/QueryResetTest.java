package dev.weir.engine.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Does a slot forget its former query? Fields are found by reflection: one that is added and not reset fails here. */
class QueryResetTest {
    private static final Endpoint ADDRESS = Endpoint.parse("192.0.2.1:53", 53);
    private static final Frontend FRONTEND = new Frontend(ADDRESS, Protocol.DO_TCP, true);
    private static final byte[] PACKET = new byte[64];

    /** What outlives a query, and why that does no harm. */
    private static final Set<String> KEPT = Set.of(
            "Query.kept", // a buffer: what it holds counts only while the question points to it
            "Query.questionChanges", // counts on over all queries
            "Query.lentKey", // the thread's; begin() takes this query's claim away
            "Origin.replyPort", // transports set it for each query
            "Origin.replyToken");

    @Test
    void beginForgetsWhatTheFormerQueryLeft() throws ReflectiveOperationException {
        Query used = new Query();
        Map<String, Object> dirty = fill(used);
        Query fresh = new Query();
        used.begin(Protocol.DO_TCP, FRONTEND, PACKET, 12, 7);
        fresh.begin(Protocol.DO_TCP, FRONTEND, PACKET, 12, 7);
        assertThat(dirty).as("fields looked at").hasSizeGreaterThan(45);
        assertThat(differences(used, fresh)).isEmpty();
    }

    @Test
    void aRestartForgetsWhatTheWalkFound() throws ReflectiveOperationException {
        Query used = new Query();
        fill(used);
        used.found().begin();
        assertThat(differences(used.found(), new Query().found())).isEmpty();
    }

    private static List<String> differences(Object used, Object fresh) throws ReflectiveOperationException {
        List<String> names = new ArrayList<>();
        for (Field field : fields(used)) {
            Object left = field.get(used);
            Object right = field.get(fresh);
            if (isPart(field)) {
                names.addAll(differences(left, right));
            } else if (!Modifier.isFinal(field.getModifiers()) && !Objects.equals(left, right)) {
                names.add(name(field));
            }
        }
        names.removeAll(KEPT);
        return names;
    }

    /** Gives each field another value than it has, and returns them. */
    private static Map<String, Object> fill(Object slot) throws ReflectiveOperationException {
        Map<String, Object> values = new HashMap<>();
        for (Field field : fields(slot)) {
            if (isPart(field)) {
                values.putAll(fill(field.get(slot)));
            } else if (!Modifier.isFinal(field.getModifiers())) {
                Object value = another(field.getType(), field.get(slot));
                field.set(slot, value);
                values.put(name(field), value);
            }
        }
        return values;
    }

    private static boolean isPart(Field field) {
        return field.getType() == Origin.class
                || field.getType() == RuleDecisions.class
                || field.getType() == WalkFindings.class;
    }

    private static List<Field> fields(Object slot) {
        List<Field> fields = new ArrayList<>();
        for (Field field : slot.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                fields.add(field);
            }
        }
        return fields;
    }

    private static String name(Field field) {
        return field.getDeclaringClass().getSimpleName() + "." + field.getName();
    }

    private static Object another(Class<?> type, Object now) {
        if (type == boolean.class) {
            return !(boolean) now;
        } else if (type == int.class) {
            return (int) now + 41;
        } else if (type == long.class) {
            return (long) now + 42;
        }
        Object[] samples = {
            "former",
            (AnswerSeal) query -> {},
            new byte[] {1, 2, 3},
            Map.of("tag", "value"),
            List.of(new Object()),
            IpAddress.parse("192.0.2.9"),
            Instant.EPOCH,
            Protocol.DOH,
            new Frontend(ADDRESS, Protocol.DOT, false),
            new Backend(BackendSpec.of(ADDRESS).build()),
            new PacketCache(CacheSpec.of(10), 1, bound -> 0),
            new HashedName(),
            new HttpRequest("https", "a", "/", "", Map.of()),
            new HttpAnswer(200, new byte[1], ""),
            new Suspended(1, false),
            new ReplyPort() {
                @Override
                public void reply(Query query) {}

                @Override
                public void abandon(Query query) {}
            }
        };
        for (Object sample : samples) {
            if (type.isInstance(sample)) {
                return sample;
            }
        }
        throw new AssertionError("no sample of " + type);
    }
}
