package dev.serai;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.serai.testing.BesideOthers;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrows between packages go one way. */
@Timeout(120)
@BesideOthers
@Order(BesideOthers.LONG)
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.serai");

    private static final List<String> KAFKA_SERVER = List.of(
            "kafka..",
            "org.apache.kafka.controller..",
            "org.apache.kafka.coordinator..",
            "org.apache.kafka.image..",
            "org.apache.kafka.metadata..",
            "org.apache.kafka.network..",
            "org.apache.kafka.raft..",
            "org.apache.kafka.security..",
            "org.apache.kafka.server..",
            "org.apache.kafka.storage..",
            "org.apache.kafka.tools..");

    /** What compiles with the JDK only; the ledger's package does as a whole. */
    private static final String OF_THE_JDK =
            "dev\\.serai\\.(lane\\.(KeyedScheduler|Lane|LaneLoad|Standing|TurnOrder|Turns)|engine\\.ledger\\.\\w+)([$;].*)?";

    private static final String CAMEL = "org.apache.camel..";
    private static final String JACKSON = "com.fasterxml.jackson..";
    private static final String MICROMETER = "io.micrometer..";
    private static final String KAFKA_CLIENTS = "org.apache.kafka.clients..";
    private static final String KAFKA_COMMON = "org.apache.kafka.common..";

    /** What a package may know, besides itself, the JDK, JSpecify and SLF4J. */
    private record Row(String packageName, List<String> mayKnow) {
        static Row row(String name, String... mayKnow) {
            return new Row(name.isEmpty() ? "dev.serai" : "dev.serai." + name, List.of(mayKnow));
        }

        String[] allowed() {
            return Stream.concat(
                            mayKnow.stream(),
                            Stream.of(packageName, "java..", "javax..", "org.jspecify.annotations", "org.slf4j.."))
                    .toArray(String[]::new);
        }

        @Override
        public String toString() {
            return packageName;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                Row.row("", "dev.serai.cli", "dev.serai.loop", "picocli.."),
                Row.row("loop"),
                Row.row("wire", JACKSON, "org.apache.commons.text.."),
                Row.row("wire.cloudevents", "dev.serai.wire", JACKSON),
                Row.row(
                        "wire.event",
                        "dev.serai.wire",
                        "dev.serai.wire.cloudevents",
                        JACKSON,
                        "com.networknt.schema.."),
                Row.row("settings", "dev.serai.loop", "dev.serai.wire", "com.google.i18n.phonenumbers.."),
                Row.row("kafka", "dev.serai.loop", "org.apache.commons.lang3..", KAFKA_CLIENTS, KAFKA_COMMON),
                Row.row("lane", CAMEL, "dev.serai.loop"),
                Row.row("engine.ledger"),
                Row.row(
                        "engine",
                        "dev.serai.engine.ledger",
                        "dev.serai.loop",
                        "org.apache.commons.lang3..",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        CAMEL),
                Row.row(
                        "session",
                        "dev.serai.wire",
                        "dev.serai.loop",
                        "dev.serai.kafka",
                        JACKSON,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                Row.row("http", "dev.serai.wire", "dev.serai.loop", CAMEL, "org.apache.hc..", MICROMETER),
                Row.row("connect.answer", "dev.serai.wire", JACKSON),
                Row.row("connect.gate", "dev.serai.connect.answer", "dev.serai.wire", "dev.serai.loop"),
                Row.row(
                        "connect",
                        "dev.serai.connect.answer",
                        "dev.serai.connect.gate",
                        "dev.serai.http",
                        "dev.serai.loop",
                        "dev.serai.wire",
                        CAMEL,
                        "org.apache.commons.lang3..",
                        "org.apache.hc..",
                        MICROMETER,
                        JACKSON),
                Row.row(
                        "source",
                        "dev.serai.wire",
                        "dev.serai.loop",
                        JACKSON,
                        MICROMETER,
                        "com.github.benmanes.caffeine..",
                        "io.github.resilience4j.."),
                Row.row(
                        "source.table",
                        "dev.serai.source",
                        "dev.serai.table",
                        "dev.serai.loop",
                        "dev.serai.kafka",
                        JACKSON,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                Row.row(
                        "source.kind",
                        "dev.serai.source",
                        "dev.serai.source.table",
                        "dev.serai.table",
                        "dev.serai.http",
                        "dev.serai.loop",
                        "dev.serai.route",
                        "dev.serai.settings",
                        "dev.serai.wire",
                        CAMEL,
                        "org.apache.hc..",
                        "org.apache.commons.lang3..",
                        "com.zaxxer.hikari..",
                        MICROMETER,
                        JACKSON,
                        "org.postgresql.util"),
                Row.row(
                        "route",
                        "dev.serai.engine",
                        "dev.serai.jsonata",
                        "dev.serai.loop",
                        "dev.serai.wire",
                        CAMEL,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        JACKSON,
                        "org.apache.commons.lang3.."),
                Row.row(
                        "dialect.mapping",
                        "dev.serai.jsonata",
                        "dev.serai.table",
                        "dev.serai.wire..",
                        "dev.serai.loop",
                        JACKSON,
                        "com.google.i18n.phonenumbers.."),
                Row.row("jsonata", "com.dashjoin.jsonata.."),
                Row.row("table", "dev.serai.wire", "dev.serai.loop", JACKSON),
                Row.row(
                        "observe",
                        "dev.serai.wire",
                        "dev.serai.loop",
                        "dev.serai.kafka",
                        "dev.serai.connect.gate",
                        CAMEL,
                        JACKSON,
                        MICROMETER,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                Row.row("observe.waiting", "dev.serai.wire", "dev.serai.connect.gate", "dev.serai.loop", JACKSON),
                Row.row(
                        "conversation",
                        "dev.serai.wire..",
                        "dev.serai.connect..",
                        "dev.serai.source",
                        "dev.serai.session",
                        "dev.serai.lane",
                        "dev.serai.engine",
                        "dev.serai.loop",
                        "dev.serai.observe..",
                        "dev.serai.route",
                        CAMEL,
                        KAFKA_CLIENTS,
                        JACKSON),
                Row.row(
                        "intake",
                        "dev.serai.dialect.mapping",
                        "dev.serai.engine",
                        "dev.serai.lane",
                        "dev.serai.observe..",
                        "dev.serai.route",
                        "dev.serai.wire",
                        JACKSON,
                        CAMEL,
                        MICROMETER),
                Row.row("operate.letters", "dev.serai.wire..", "dev.serai.kafka", KAFKA_CLIENTS, KAFKA_COMMON, JACKSON),
                Row.row(
                        "operate.doctor",
                        "dev.serai.operate.letters",
                        "dev.serai.batch",
                        "dev.serai.connect",
                        "dev.serai.engine",
                        "dev.serai.http",
                        "dev.serai.kafka",
                        "dev.serai.settings",
                        "dev.serai.wire",
                        "dev.serai.loop",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        JACKSON),
                Row.row(
                        "operate.explain",
                        "dev.serai.operate.letters",
                        "dev.serai.batch",
                        "dev.serai.session",
                        "dev.serai.wire..",
                        "dev.serai.kafka",
                        "dev.serai.loop",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        JACKSON),
                Row.row("batch", "dev.serai.wire", "dev.serai.kafka", KAFKA_CLIENTS, KAFKA_COMMON, JACKSON),
                Row.row(
                        "batch.file",
                        "dev.serai.batch",
                        "dev.serai.loop",
                        "dev.serai.table",
                        "dev.serai.wire",
                        "dev.serai.wire.event",
                        JACKSON),
                Row.row(
                        "batch.client",
                        "dev.serai.batch",
                        "dev.serai.batch.file",
                        "dev.serai.kafka",
                        "dev.serai.loop",
                        "dev.serai.wire",
                        "dev.serai.wire.event",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        JACKSON),
                Row.row(
                        "batch.run",
                        "dev.serai.batch",
                        "dev.serai.kafka",
                        "dev.serai.loop",
                        CAMEL,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        MICROMETER),
                Row.row(
                        "batch.folder",
                        "dev.serai.batch",
                        "dev.serai.batch.client",
                        "dev.serai.batch.file",
                        "dev.serai.kafka",
                        "dev.serai.loop",
                        "dev.serai.settings",
                        "dev.serai.wire..",
                        CAMEL),
                Row.row("trial.standin", "io.vertx..", "io.netty.."),
                Row.row("trial.broker", "kafka..", "org.apache.kafka..", "scala.."),
                Row.row(
                        "trial.guarantee",
                        "dev.serai.wire",
                        "dev.serai.trial.standin",
                        JACKSON,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                Row.row(
                        "trial.prove",
                        "dev.serai.wire",
                        "dev.serai.kafka",
                        "dev.serai.trial.guarantee",
                        "dev.serai.trial.standin",
                        JACKSON,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                Row.row(
                        "trial.demo",
                        "dev.serai.wire..",
                        "dev.serai.kafka",
                        "dev.serai.trial.standin",
                        JACKSON,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                Row.row(
                        "check",
                        "dev.serai.dialect.mapping",
                        "dev.serai.connect",
                        "dev.serai.loop",
                        "dev.serai.settings",
                        "dev.serai.wire..",
                        JACKSON),
                Row.row("service", "*.."),
                Row.row("cli", "*.."));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void package_knowsWhatItsRowAllows(Row row) {
        classes()
                .that()
                .resideInAPackage(row.packageName())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(row.allowed())
                .check(CLASSES);
    }

    /** What a row allows and nobody uses would let an arrow in that nobody has thought of. */
    @ParameterizedTest
    @MethodSource("rows")
    void row_allowsWhatItsPackageKnows(Row row) {
        Set<String> known = CLASSES.stream()
                .filter(type -> type.getPackageName().equals(row.packageName()))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency ->
                        dependency.getTargetClass().getBaseComponentType().getPackageName())
                .collect(toSet());

        assertThat(row.mayKnow())
                .allSatisfy(allowed -> assertThat(known).anyMatch(PackageMatcher.of(allowed)::matches));
    }

    /** A new package gets a row, and with it a decision about its place. */
    @Test
    void everyPackage_hasARow() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .isSubsetOf(rows().map(Row::packageName).toList());
    }

    @Test
    void kafkaServer_isKnownToTheEmbeddedBrokerOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.serai.trial.broker")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KAFKA_SERVER.toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void commandLine_isKnownToTheMainClassOnly_andWhatServesToTryTheServiceToTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.serai", "dev.serai.cli")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.serai", "dev.serai.cli")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.serai.cli", "dev.serai.trial..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.serai.trial..")
                .check(CLASSES);
    }

    @Test
    void rootPackage_holdsTheMainClassAlone() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getPackageName().equals("dev.serai"))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("Serai", "package-info");
    }

    /** The two engines can be read, tested and used without Camel and without Kafka. */
    @Test
    void schedulerAndLedger_areOfTheJdkOnly() {
        classes()
                .that()
                .haveNameMatching(OF_THE_JDK)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify.annotations", "org.slf4j..")
                        .or(nameMatching("(\\[L)?" + OF_THE_JDK)))
                .check(CLASSES);
    }

    @Test
    void slicesAndTheirPackages_haveNoCycles() {
        slices().matching("dev.serai.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("dev.serai.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
