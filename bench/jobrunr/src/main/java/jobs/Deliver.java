package jobs;

import org.jobrunr.jobs.lambdas.JobRequest;

/** The job of sending one message; it is kept as JSON in the database, with its outcome. */
public record Deliver(String conversationId, String customerId, String text) implements JobRequest {

    @Override
    public Class<Vendor> getJobRequestHandler() {
        return Vendor.class;
    }
}
