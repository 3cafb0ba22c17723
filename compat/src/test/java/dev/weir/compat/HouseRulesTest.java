package dev.weir.compat;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.weir.wire.planted.Violation;
import dev.weir.wire.planted.left.Twin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which room may know which, beyond what module-info can say; and a planted violation that proves the guard bites. */
class HouseRulesTest {
    private static final JavaClasses SHIPPED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.weir");

    private static final ArchRule WIRE_KNOWS_NOBODY = noClasses()
            .that()
            .resideInAPackage("dev.weir.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.sys..",
                    "dev.weir.engine..",
                    "dev.weir.net..",
                    "dev.weir.config..",
                    "dev.weir.script..",
                    "dev.weir.web..",
                    "dev.weir.app..",
                    "java.net..",
                    "java.nio.channels..");

    private static final ArchRule NO_CIRCLES =
            SlicesRuleDefinition.slices().assignedFrom(new Packages()).should().beFreeOfCycles();

    /** Each package of the house is a slice of its own. */
    private static final class Packages implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getPackageName();
            return name.startsWith("dev.weir.") ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of the house";
        }
    }

    private static void room(String room, String... strangers) {
        noClasses()
                .that()
                .resideInAPackage("dev.weir." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(strangers)
                .check(SHIPPED);
    }

    @Test
    void theGuardBites() {
        JavaClasses planted = new ClassFileImporter().importClasses(Violation.class);
        assertThat(WIRE_KNOWS_NOBODY.evaluate(planted).hasViolation()).isTrue();
    }

    @Test
    void noPackagesKnowEachOther() {
        NO_CIRCLES.check(SHIPPED);
        JavaClasses planted = new ClassFileImporter().importClasses(Twin.class, dev.weir.wire.planted.right.Twin.class);
        assertThat(NO_CIRCLES.evaluate(planted).hasViolation())
                .as("the guard bites")
                .isTrue();
    }

    /** A name that stands twice makes a reader look twice. Nested classes are named by the class around them. */
    @Test
    void aSimpleNameIsUsedOnce() {
        assertThat(namesUsedTwice(SHIPPED)).isEmpty();
        JavaClasses planted = new ClassFileImporter().importClasses(Twin.class, dev.weir.wire.planted.right.Twin.class);
        assertThat(namesUsedTwice(planted)).as("the guard bites").containsOnlyKeys("Twin");
    }

    private static Map<String, List<String>> namesUsedTwice(JavaClasses classes) {
        Map<String, List<String>> byName = classes.stream()
                .filter(one -> one.isTopLevelClass() && !one.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getName, Collectors.toList())));
        byName.values().removeIf(names -> names.size() == 1);
        return byName;
    }

    @Test
    void wireKnowsNobody() {
        assertThat(SHIPPED.size()).as("classes looked at").isGreaterThan(100);
        WIRE_KNOWS_NOBODY.check(SHIPPED);
    }

    @Test
    void sysKnowsNobody() {
        room("sys", "dev.weir.wire..", "dev.weir.engine..", "dev.weir.net..", "dev.weir.script..", "dev.weir.app..");
    }

    @Test
    void luaKnowsNobody() {
        for (String stranger :
                new String[] {"sys", "wire", "engine", "net", "config", "script", "web", "ebpf", "gate", "app"}) {
            room("lua", "dev.weir." + stranger + "..");
        }
    }

    @Test
    void ebpfKnowsOnlySysAndTheDnsRoomsDoNotKnowIt() {
        room(
                "ebpf",
                "dev.weir.wire..",
                "dev.weir.engine..",
                "dev.weir.net..",
                "dev.weir.config..",
                "dev.weir.script..",
                "dev.weir.web..",
                "dev.weir.app..");
        for (String room : new String[] {"sys", "wire", "engine", "net", "config", "script", "web"}) {
            room(room, "dev.weir.ebpf..", "dev.weir.gate..");
        }
        room("gate", "dev.weir.net..", "dev.weir.config..", "dev.weir.script..", "dev.weir.web..", "dev.weir.app..");
        assertThat(SHIPPED.contain("dev.weir.ebpf.BpfObject")).isTrue();
    }

    @Test
    void engineHasNoSockets() {
        room(
                "engine",
                "dev.weir.sys..",
                "dev.weir.net..",
                "dev.weir.config..",
                "dev.weir.script..",
                "dev.weir.web..",
                "dev.weir.app..",
                "io.netty..",
                "dev.weir.lua..");
        noClasses()
                .that()
                .resideInAPackage("dev.weir.engine..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.(net|nio\\.channels)\\..*(Socket|Datagram).*")
                .check(SHIPPED);
    }

    @Test
    void onlyLuaKnowsLua() {
        for (String room : new String[] {"config", "net", "web", "gate", "export", "store"}) {
            room(room, "dev.weir.lua..");
        }
    }

    /** Beside sys there is only what calls the C library for a script that was allowed to. */
    @Test
    void onlySysCallsForeignFunctions() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.weir.sys..", "dev.weir.testkit..")
                .and()
                .doNotHaveFullyQualifiedName("dev.weir.lua.ffi.NativeFunctions")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(SHIPPED);
    }

    /**
     * Ages, rates, blocks and timeouts go by {@link System#nanoTime}. Cached answers once went by the time of day: what was stored before the
     * clock was set back by an hour stayed for an hour. Those who may ask for it tell people the time.
     */
    @Test
    void theTimeOfDayIsForPeople() {
        ArchRule rule = noClasses()
                .that()
                .haveNameNotMatching(
                        ".*\\.(engine\\.log\\.Log|engine\\.listen\\.DnscryptCertificates|net\\.stream\\.(BackendChannel|ClientEncryption)|net\\.tls\\.(OcspResponses|RotatingTickets|ServerCertificate)|app\\.(Running|xdp\\.Top|xdp\\.Watch)|script\\.object\\.(BlockType|CacheType|QuestionType)"
                                + "|export\\.(Carbon|LogFileExporter)|script\\.function\\.(RingFunctions|ValueFunctions)"
                                + "|lua\\.library\\.OsLibrary(\\$.*)?)")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now");
        rule.check(SHIPPED);
        JavaClasses log = new ClassFileImporter().importClasses(TimeOfDay.class);
        assertThat(rule.evaluate(log).hasViolation()).as("the guard bites").isTrue();
    }

    private static final class TimeOfDay {
        static long now() {
            return System.currentTimeMillis();
        }
    }

    @Test
    void nobodyKnowsApp() {
        for (String room : new String[] {"config", "net", "web", "script"}) {
            room(room, "dev.weir.app..");
        }
    }
}
