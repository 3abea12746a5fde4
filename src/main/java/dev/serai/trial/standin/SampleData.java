package dev.serai.trial.standin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /scenes/REF} and {@code GET /customers/REF}: JSON files of a directory, sent as they are and read anew for
 * every call. A ref is one file name without {@code .json}; it cannot lead out of its directory.
 */
final class SampleData {

    private final Vertx vertx;
    private final CallServer calls;
    private final @Nullable Path directory;

    SampleData(Vertx vertx, CallServer calls, @Nullable Path directory) {
        this.vertx = vertx;
        this.calls = calls;
        this.directory = directory;
    }

    /** @param collection the directory that holds the files, {@code scenes} or {@code customers} */
    void handle(RoutingContext context, String collection) {
        String ref = context.pathParam("ref");
        calls.serve(context, CallKind.ENRICHMENT, null, () -> read(collection, ref));
    }

    private Future<Answer> read(String collection, String ref) {
        Answer notFound = Answer.detail(404, "Nothing under " + collection + " for this reference");
        Path file = file(collection, ref);
        if (file == null) {
            return Future.succeededFuture(notFound);
        }
        return vertx.executeBlocking(
                () -> Files.isRegularFile(file)
                        ? new Answer(200, Answer.JSON, Map.of(), Files.readString(file), false)
                        : notFound,
                false);
    }

    private @Nullable Path file(String collection, String ref) {
        if (directory == null || ref.contains("/") || ref.contains("\\")) {
            return null;
        }
        try {
            return directory.resolve(collection).resolve(ref + ".json");
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
