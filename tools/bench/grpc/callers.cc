// Callers of grpc-server: so many calls in flight over one connection, each caller asking again once it has its answer.
// usage: grpc-callers SOCKET CALLERS SECONDS
// Prints, as callers.c does: calls a second, and the median and the 99th percentile of the latency in microseconds.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "authorize.grpc.pb.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Caller {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientAsyncResponseReader<bench::Answer>> reader;
    bench::Answer answer;
    grpc::Status status;
    Clock::time_point started;

    void ask(bench::Gate::Stub *stub, const bench::Question &question, grpc::CompletionQueue *queue) {
        context = std::make_unique<grpc::ClientContext>();
        started = Clock::now();
        context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
        reader = stub->AsyncAuthorize(context.get(), question, queue);
        reader->Finish(&answer, &status, this);
    }
};

double percentile(std::vector<float> &latencies, double part) {
    if (latencies.empty()) return 0;
    auto place = latencies.begin() + static_cast<long>(static_cast<double>(latencies.size() - 1) * part);
    std::nth_element(latencies.begin(), place, latencies.end());
    return *place;
}

}  // namespace

int main(int count, char **arguments) {
    if (count != 4) return fprintf(stderr, "usage: grpc-callers SOCKET CALLERS SECONDS\n"), 64;
    int number = atoi(arguments[2]);
    double seconds = atof(arguments[3]);
    if (number < 1 || number > 4096 || seconds <= 0) return fprintf(stderr, "grpc-callers: bad numbers\n"), 64;
    auto channel = grpc::CreateChannel(std::string("unix:") + arguments[1], grpc::InsecureChannelCredentials());
    if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10)))
        return fprintf(stderr, "grpc-callers: cannot connect to %s\n", arguments[1]), 1;
    auto stub = bench::Gate::NewStub(channel);
    bench::Question question;
    question.set_session("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    question.set_path("/documents/2026/return");

    grpc::CompletionQueue queue;
    std::vector<Caller> callers(static_cast<size_t>(number));
    std::vector<float> latencies;
    latencies.reserve(8 << 20);
    auto begun = Clock::now();
    // A tenth of the time to warm up, not counted.
    auto counted = begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds * 0.1));
    auto end = counted + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    for (auto &caller : callers) caller.ask(stub.get(), question, &queue);
    void *which;
    bool ok;
    size_t waiting = callers.size();
    while (waiting > 0 && queue.Next(&which, &ok)) {
        auto *caller = static_cast<Caller *>(which);
        if (!ok || !caller->status.ok())
            return fprintf(stderr, "grpc-callers: %s\n", caller->status.error_message().c_str()), 1;
        auto now = Clock::now();
        if (now >= counted && now < end)
            latencies.push_back(std::chrono::duration<float, std::micro>(now - caller->started).count());
        if (now < end) {
            caller->ask(stub.get(), question, &queue);
        } else {
            waiting--;
        }
    }
    double rate = static_cast<double>(latencies.size()) / seconds;
    double middle = percentile(latencies, 0.5), late = percentile(latencies, 0.99);
    printf("%.0f %.1f %.1f\n", rate, middle, late);
    queue.Shutdown();
    return 0;
}
