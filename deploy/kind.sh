#!/usr/bin/env bash
# The demo shop on a Kubernetes cluster of this machine: `deploy/kind.sh` without Airflow, `deploy/kind.sh airflow` with it.
# Needs docker, kind and kubectl; helm for Airflow. May be called again. `kind delete cluster --name cartwright` removes all of it.
set -euo pipefail
cd "$(dirname "$0")/.."

with_airflow=${1:-}
if [[ $# -gt 1 || ! $with_airflow =~ ^(airflow)?$ ]]; then
  echo "usage: deploy/kind.sh [airflow]" >&2
  exit 2
fi
for program in docker kind kubectl ${with_airflow:+helm}; do
  if ! command -v "$program" >/dev/null; then
    echo "$program is not there. Install it, then call this again; nothing was changed." >&2
    exit 2
  fi
done

version=$(node -p 'require("./package.json").version' 2>/dev/null || sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
image=cartwright:$version
context=kind-cartwright
build() { docker build --file deploy/docker/Dockerfile --target "$1" --tag "$2" .; }

kind get clusters | grep --quiet --line-regexp cartwright || kind create cluster --name cartwright
build cartwright "$image"
kind load docker-image --name cartwright "$image"

plain() {
  local in_namespace=(kubectl --context "$context" --namespace cartwright)
  kubectl --context "$context" apply --kustomize deploy/kubernetes
  # The dashboard waits in its first container until the shop is there: that is where it is made.
  until "${in_namespace[@]}" exec deploy/cartwright-dashboard --container wait-for-shop -- true 2>/dev/null ||
    "${in_namespace[@]}" rollout status deploy/cartwright-dashboard --timeout 1s >/dev/null 2>&1; do sleep 2; done
  if ! "${in_namespace[@]}" rollout status deploy/cartwright-dashboard --timeout 1s >/dev/null 2>&1; then
    "${in_namespace[@]}" exec deploy/cartwright-dashboard --container wait-for-shop -- cartwright demo --dir /shop
    echo "A password for the dashboard, for the name $USER:"
    "${in_namespace[@]}" exec --stdin --tty deploy/cartwright-dashboard --container wait-for-shop -- cartwright users add "$USER" --role admin
  fi
  "${in_namespace[@]}" rollout status deploy/cartwright-dashboard
  echo "The dashboard: kubectl --context $context --namespace cartwright port-forward service/cartwright-dashboard 4321, then http://127.0.0.1:4321/"
}

# A secret that is made once: another key would make what it encrypted unreadable.
secret() {
  kubectl --context "$context" --namespace airflow get secret "$1" >/dev/null 2>&1 ||
    kubectl --context "$context" --namespace airflow create secret generic "$1" --from-literal="$2=$(openssl rand -base64 32 | tr '+/' '-_')"
}

airflow() {
  local in_namespace=(kubectl --context "$context" --namespace airflow) work
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # Shop and DAGs are made here: the image has the DAGs, the volume the shop.
  in_image() { docker run --rm --read-only --tmpfs /tmp --user "$(id -u):$(id -g)" --volume "$work:/shop" "$image" "$@"; }
  in_image demo --dir /shop/demo
  printf '\nairflow:\n  folder: /shop\n' >>"$work/demo/cartwright.yaml"
  in_image deploy airflow --dir /shop/demo --out /shop/dags
  build airflow cartwright:airflow
  docker build --tag cartwright:airflow-dags --file - "$work/dags" <<<$'FROM cartwright:airflow\nCOPY . /opt/airflow/dags/'
  kind load docker-image --name cartwright cartwright:airflow-dags

  kubectl --context "$context" get namespace airflow >/dev/null 2>&1 || kubectl --context "$context" create namespace airflow
  secret airflow-fernet-key fernet-key
  secret airflow-api-secret-key api-secret-key
  secret airflow-jwt-secret jwt-secret
  "${in_namespace[@]}" apply --filename deploy/kubernetes/shop.yaml
  helm repo add --force-update apache-airflow https://airflow.apache.org
  helm upgrade --install airflow apache-airflow/airflow --version 1.22.0 --kube-context "$context" --namespace airflow --timeout 15m \
    --values deploy/helm/values.yaml --values deploy/helm/kind.yaml --set images.airflow.tag=airflow-dags
  "${in_namespace[@]}" rollout status statefulset/airflow-scheduler --timeout 15m
  "${in_namespace[@]}" exec airflow-scheduler-0 --container scheduler -- test -f /shop/cartwright.yaml ||
    "${in_namespace[@]}" cp --container scheduler "$work/demo/." airflow-scheduler-0:/shop
  "${in_namespace[@]}" exec airflow-scheduler-0 --container scheduler -- airflow pools set cartwright_demo_shop 1 "one writer at a time"
  for dag in ingestion staging dwh analytics; do
    "${in_namespace[@]}" exec airflow-scheduler-0 --container scheduler -- airflow dags unpause "ecom_${dag}_dag"
  done
  "${in_namespace[@]}" exec airflow-scheduler-0 --container scheduler -- airflow dags trigger ecom_ingestion_dag
  "${in_namespace[@]}" rollout status deploy/airflow-api-server --timeout 15m
  echo "A password for Airflow's page, for the name $USER:"
  "${in_namespace[@]}" exec --stdin --tty deploy/airflow-api-server -- \
    airflow users create --username "$USER" --firstname "$USER" --lastname "$USER" --email "$USER@localhost" --role Admin
  echo "Airflow: kubectl --context $context --namespace airflow port-forward service/airflow-api-server 8080, then http://127.0.0.1:8080/"
}

if [[ -n $with_airflow ]]; then airflow; else plain; fi
