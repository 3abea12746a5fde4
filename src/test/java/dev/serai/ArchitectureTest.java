package dev.serai;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrows between packages go one way. */
@Timeout(120)
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

    private static final String ENGINES = "dev\\.serai\\.(lane\\.(KeyedScheduler|LaneLoad|Standing|TurnOrder)"
            + "|ledger\\.(PartitionLedger|LeaderEpochs|CommitMetadata|CommitPoint|Opening|Restored)).*";

    private static final String CAMEL = "org.apache.camel..";
    private static final String JACKSON = "com.fasterxml.jackson..";
    private static final String KAFKA_CLIENTS = "org.apache.kafka.clients..";
    private static final String KAFKA_COMMON = "org.apache.kafka.common..";

    /** What a package may know, besides itself, the JDK, JSpecify and SLF4J. */
    private record Row(String packageName, List<String> mayKnow) {
        static Row row(String name, String... mayKnow) {
            return new Row("dev.serai." + name, List.of(mayKnow));
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
                Row.row("event", JACKSON),
                Row.row("intake", "dev.serai.event", JACKSON, "com.networknt.schema..", "org.apache.commons.text.."),
                Row.row("provider", "dev.serai.event", JACKSON),
                Row.row("gate", "dev.serai.provider", "dev.serai.loop", "io.github.bucket4j.."),
                Row.row(
                        "enrich",
                        "dev.serai.event",
                        "dev.serai.loop",
                        JACKSON,
                        "com.github.benmanes.caffeine..",
                        "io.github.resilience4j.."),
                Row.row(
                        "session",
                        "dev.serai.event",
                        "dev.serai.loop",
                        "dev.serai.topic",
                        JACKSON,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        "com.github.benmanes.caffeine.."),
                Row.row("loop"),
                Row.row("lane", CAMEL, "dev.serai.loop"),
                Row.row("ledger", "dev.serai.loop", KAFKA_CLIENTS, KAFKA_COMMON, CAMEL),
                Row.row(
                        "observe",
                        "dev.serai.event",
                        "dev.serai.loop",
                        "dev.serai.gate",
                        "dev.serai.enrich",
                        CAMEL,
                        JACKSON,
                        "io.micrometer..",
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                Row.row("waiting", "dev.serai.event", "dev.serai.gate", "dev.serai.loop", "dev.serai.observe", JACKSON),
                Row.row(
                        "source",
                        "dev.serai.event",
                        "dev.serai.loop",
                        "dev.serai.enrich",
                        "dev.serai.topic",
                        JACKSON,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON),
                Row.row("topic", "dev.serai.loop", KAFKA_CLIENTS, KAFKA_COMMON),
                Row.row("config", "org.apache.commons.text.."),
                Row.row(
                        "route",
                        "dev.serai.event",
                        "dev.serai.intake",
                        "dev.serai.provider",
                        "dev.serai.gate",
                        "dev.serai.enrich",
                        "dev.serai.session",
                        "dev.serai.lane",
                        "dev.serai.ledger",
                        "dev.serai.loop",
                        "dev.serai.observe",
                        "dev.serai.waiting",
                        CAMEL,
                        KAFKA_CLIENTS,
                        KAFKA_COMMON,
                        "org.apache.hc..",
                        JACKSON,
                        "com.dashjoin.jsonata..",
                        "org.postgresql.util"),
                Row.row("standin", "dev.serai.provider", "io.vertx..", "io.netty.."),
                Row.row("embedded", "kafka..", "org.apache.kafka..", "scala.."),
                Row.row("demo", "dev.serai.event", "dev.serai.standin", JACKSON, KAFKA_CLIENTS, KAFKA_COMMON),
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
                // Not every package of the design is there yet.
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** A new package gets a row, and with it a decision about its place. */
    @Test
    void everyPackage_hasARow() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .filteredOn(name -> !name.equals("dev.serai"))
                .isSubsetOf(rows().map(Row::packageName).toList());
    }

    @Test
    void kafkaServer_isKnownToTheEmbeddedBrokerOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.serai.embedded")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KAFKA_SERVER.toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void embeddedBrokerAndCommandLine_areKnownToTheTopOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.serai", "dev.serai.cli", "dev.serai.embedded")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.serai", "dev.serai.cli", "dev.serai.embedded")
                .check(CLASSES);
    }

    /** The two engines can be read, tested and used without Camel and without Kafka. */
    @Test
    void schedulerAndLedger_areOfTheJdkOnly() {
        classes()
                .that()
                .haveNameMatching(ENGINES)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify.annotations", "org.slf4j..")
                        .or(nameMatching("(\\[L)?" + ENGINES)))
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("dev.serai.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
