package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.ownership.Instance;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Header;

/** Shows the instances that share the store, and which of them serves which lane. */
@Singleton
@Named("instances")
public final class Instances {

    private final Store store;

    public Instances(Store store) {
        this.store = store;
    }

    /** Lists them: {@code {"instances":[{"id","state","version","since","heartbeat","lanes":[…]}]}}. */
    public ObjectNode list() {
        ObjectNode all = Json.object();
        var list = all.putArray("instances");
        store.instances().all().forEach(each -> list.add(describe(each)));
        return all;
    }

    private ObjectNode describe(Instance instance) {
        ObjectNode json = Json.object()
                .put("id", instance.id())
                .put("state", instance.drains() ? "draining" : "running")
                .put("version", instance.version())
                .put("since", Json.time(instance.since()))
                .put("heartbeat", Json.time(instance.seen()));
        var lanes = json.putArray("lanes");
        store.instances().lanesOf(instance.id()).forEach(lanes::add);
        return json;
    }

    /**
     * Has an instance give its lanes to the others, and take none until it is started again.
     *
     * @throws Refused (404) when there is no such instance, (409) when there is no other one
     */
    public ObjectNode drain(@Header("id") String id) {
        if (store.instances().all().size() < 2) {
            throw Refused.because(409, "There is no other instance that could serve its lanes.");
        }
        if (!Store.written(store.instances().drain(id))) {
            throw Refused.because(404, "There is no such instance.");
        }
        return list();
    }
}
