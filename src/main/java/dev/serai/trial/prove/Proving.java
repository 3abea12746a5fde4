package dev.serai.trial.prove;

import dev.serai.trial.guarantee.Callers;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A whole run: makes what it needs, and leaves nothing behind, however it ends. For one call, on one thread.
 *
 * @param kafkaProperties of the Kafka that it is about; its clients' deadlines are the run's own
 * @param clientProperties the file of these, for the replicas; null if there is none
 * @param routes the folder of Serai's routes
 * @param keep whether topics, group and logs are to stay
 */
public record Proving(
        Map<String, Object> kafkaProperties,
        @Nullable Path clientProperties,
        Path routes,
        TrialNames names,
        TrialPlan plan,
        boolean keep) {
    public Proving {
        kafkaProperties = Map.copyOf(kafkaProperties);
    }

    /**
     * Runs it.
     *
     * @param stopped ends the run when it turns true
     * @throws TrialRefusedException if it cannot be made; with what to change
     * @throws TrialStoppedException if it was stopped
     * @throws org.apache.kafka.common.KafkaException if Kafka refuses something meanwhile
     * @throws IOException if a replica ends by itself
     */
    public Proof run(BooleanSupplier stopped, TrialProgress progress) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(names.group() + "-");
        boolean logsAreOfUse = true;
        try {
            TrialRoutes.copy(routes, folder);
            TrialEvidence evidence;
            List<String> left = List.of();
            try (var kafka = new TrialKafka(kafkaProperties, names)) {
                try {
                    evidence = evidence(kafka, folder, stopped, progress);
                } finally {
                    left = keep ? List.of() : delete(kafka, progress);
                }
            }
            Proof proof = Proof.of(plan, names, evidence, left);
            logsAreOfUse = !proof.isKept();
            return proof;
        } catch (TrialStoppedException | TrialRefusedException e) {
            logsAreOfUse = false;
            throw e;
        } finally {
            if (keep || logsAreOfUse) {
                progress.step("the logs of the replicas are in " + folder);
            } else {
                Utils.delete(folder.toFile());
            }
        }
    }

    private TrialEvidence evidence(TrialKafka kafka, Path folder, BooleanSupplier stopped, TrialProgress progress)
            throws IOException, InterruptedException {
        progress.step("making topics " + String.join(", ", names.topics()));
        kafka.create(plan.partitions());
        StandInOptions options = StandInOptions.defaults();
        try (var standIn = StandIn.start(options)) {
            Callers callers = new Callers(standIn);
            List<String> settings = TrialSettings.of(names, plan, kafkaProperties, clientProperties, folder);
            try (var replicas = new Replicas(callers, options.apiKey(), settings, folder)) {
                return new Trial(plan, kafka, standIn, callers, replicas, stopped, progress).run();
            }
        }
    }

    private static List<String> delete(TrialKafka kafka, TrialProgress progress) {
        progress.step("deleting topics and group");
        List<String> left = kafka.delete();
        left.forEach(each -> progress.step("could not be deleted: " + each));
        return left;
    }
}
